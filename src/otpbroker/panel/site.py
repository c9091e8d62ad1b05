"""The whole panel put together."""

from pathlib import Path

from otpbroker.panel.app import Panel
from otpbroker.panel.assets import Assets
from otpbroker.panel.desk import Desk
from otpbroker.panel.pages.access import AccessPages
from otpbroker.panel.pages.account import AccountPages
from otpbroker.panel.pages.acme import AcmePages
from otpbroker.panel.pages.administrators import AdministratorPages
from otpbroker.panel.pages.api import ApiPages
from otpbroker.panel.pages.api_users import ApiUserPages
from otpbroker.panel.pages.audit import AuditPages
from otpbroker.panel.pages.backup import BackupPages
from otpbroker.panel.pages.block_list import BlockListPages
from otpbroker.panel.pages.confirm import ConfirmPages
from otpbroker.panel.pages.ddns import DdnsPages
from otpbroker.panel.pages.email import EmailPages
from otpbroker.panel.pages.feeders import FeederPages
from otpbroker.panel.pages.firewall import FirewallPages
from otpbroker.panel.pages.forgot import ForgotPages
from otpbroker.panel.pages.general import GeneralPages
from otpbroker.panel.pages.home import HomePages
from otpbroker.panel.pages.import_older import ImportPages
from otpbroker.panel.pages.inbox import InboxPages
from otpbroker.panel.pages.keystore import KeyStorePages
from otpbroker.panel.pages.logs import LogPages
from otpbroker.panel.pages.modems import ModemPages
from otpbroker.panel.pages.monitor import MonitorPages
from otpbroker.panel.pages.network import NetworkPages
from otpbroker.panel.pages.panel_settings import PanelSettingPages
from otpbroker.panel.pages.report import ReportPages
from otpbroker.panel.pages.restart import RestartPages
from otpbroker.panel.pages.route import RoutePages
from otpbroker.panel.pages.send_email import SendEmailPages
from otpbroker.panel.pages.server import ServerPages
from otpbroker.panel.pages.sms import SmsPages
from otpbroker.panel.pages.sms_settings import SmsSettingPages
from otpbroker.panel.pages.start import StartPages
from otpbroker.panel.pages.ussd import UssdPages
from otpbroker.panel.pages.webhooks import WebhookPages
from otpbroker.panel.render import Renderer

PAGES = (
    AccessPages,
    ConfirmPages,
    ForgotPages,
    HomePages,
    StartPages,
    GeneralPages,
    RestartPages,
    MonitorPages,
    ReportPages,
    ServerPages,
    LogPages,
    ModemPages,
    ApiPages,
    ApiUserPages,
    KeyStorePages,
    AcmePages,
    FeederPages,
    WebhookPages,
    NetworkPages,
    FirewallPages,
    DdnsPages,
    PanelSettingPages,
    AdministratorPages,
    AccountPages,
    AuditPages,
    SmsSettingPages,
    EmailPages,
    SmsPages,
    RoutePages,
    BlockListPages,
    BackupPages,
    UssdPages,
    InboxPages,
    SendEmailPages,
    ImportPages,
)


def panel(desk: Desk, compiled: Path | None = None) -> Panel:
    """The panel on `desk`; `compiled` is a folder of compiled templates."""
    assets = Assets()
    routes = [route for pages in PAGES for route in pages(desk).routes()]
    return Panel(desk, Renderer(desk, assets, compiled), [*assets.routes(), *routes])
