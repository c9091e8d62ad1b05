-- wrk: every request is one SMS to a number of its own; replies other than response code 0000 are counted.
local threads = {}
local stride = 50000000

function setup(thread)
  thread:set("offset", #threads * stride)
  table.insert(threads, thread)
end

function init()
  wrk.method = "POST"
  wrk.headers["Authorization"] = os.getenv("BENCH_AUTHORIZATION")
  wrk.headers["Content-Type"] = "application/json"
  number = tonumber(os.getenv("BENCH_FIRST")) + offset
  text = os.getenv("BENCH_TEXT")
  sent, refused, example = 0, 0, ""
end

function request()
  number = number + 1
  local body = string.format(
    '{"command":"send-sms","data":{"id":%.0f,"msisdn":"%.0f","message":"%s"}}', number, number, text)
  return wrk.format(nil, nil, nil, body)
end

function response(status, _, body)
  if status == 200 and body:find('"0000"', 1, true) then
    sent = sent + 1
  else
    refused = refused + 1
    example = status .. " " .. body
  end
end

function done()
  local all_sent, all_refused, shown = 0, 0, ""
  for _, thread in ipairs(threads) do
    all_sent = all_sent + thread:get("sent")
    all_refused = all_refused + thread:get("refused")
    if thread:get("example") ~= "" then shown = thread:get("example") end
  end
  print(string.format("sent %d", all_sent))
  if all_refused > 0 then print(string.format("refused %d, such as %s", all_refused, shown)) end
end
