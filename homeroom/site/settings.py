"""Where the machine lives, as Django wants it told. A district's own choices are rows, never settings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from homeroom.access import outside
from homeroom.doors import environment
from homeroom.site import databases

HOME: Path = environment.home()
DEBUG = environment.flag("HOMEROOM_DEBUG")
DEMO = environment.flag("HOMEROOM_DEMO")
ORGANISATION = environment.text("HOMEROOM_ORGANISATION")
SECRET_KEY = environment.key(HOME, "django").hex()

PUBLIC_URL = environment.text("HOMEROOM_PUBLIC_URL").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in ("http", "https") or not _public.hostname:
    raise environment.BadSetting(
        f"HOMEROOM_PUBLIC_URL is “{PUBLIC_URL}”; give one such as https://homeroom.example.org."
    )
HTTPS = _public.scheme == "https"

ALLOWED_HOSTS = sorted({_public.hostname, environment.listen("HOMEROOM_WEB_LISTEN")[0], "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"]

# Homeroom's own apps, lowest layer first; each brings its urls, jobs and templates with it.
HOMEROOM_APPS = (
    "homeroom.base",
    "homeroom.journal",
    "homeroom.people",
    "homeroom.board",
    "homeroom.notices",
    "homeroom.agreements",
    "homeroom.providers",
    "homeroom.devices",
    "homeroom.requests",
    "homeroom.access",
    "homeroom.filtering",
    "homeroom.nodes",
    "homeroom.activity",
    "homeroom.ledger",
    "homeroom.site",
)
INSTALLED_APPS = [
    # Ours come first, so that our templates are found before those of the libraries.
    *reversed(HOMEROOM_APPS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "homeroom.base.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "homeroom.access.middleware.who",
    "homeroom.people.middleware.zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "homeroom.access.middleware.SecondFactor",
    "homeroom.base.needs.Declared",
]
ROOT_URLCONF = "homeroom.site.urls"
WSGI_APPLICATION = "homeroom.site.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "homeroom.base.context.house",
            ],
        },
    }
]

# Records, and what the doors saw. Two files, so that much activity never waits for records, nor they for it.
DATABASES = {
    "default": databases.default(HOME, environment.text("DATABASE_URL")),
    "activity": databases.activity(HOME, environment.text("DATABASE_URL")),
}
DATABASE_ROUTERS = ["homeroom.base.router.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In files, since several web processes must count sign-in attempts together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "homeroom.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by an official for a known person, so there is no address left to prove.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# A whole school may share one address, so an address gets room; guessing at one account gets none.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
# How many reverse proxies of ours stand in front: only what they say about a client's address is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("HOMEROOM_WEB_PROXIES")
# The district's own sign-in; what each provider may say is judged in access.outside.
OIDC = outside.from_environment()
SOCIALACCOUNT_ADAPTER = "homeroom.access.adapters.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = outside.as_allauth(OIDC)
SOCIALACCOUNT_LOGIN_ON_GET = True  # our pages may send forms nowhere but to ourselves, so it begins with a link
MFA_ADAPTER = "homeroom.access.adapters.MfaAdapter"
MFA_FORMS = {"add_webauthn": "homeroom.access.forms.passkeys.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Homeroom"
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without TLS on this very machine only; so do we.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS and _public.hostname in ("localhost", "127.0.0.1")

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
# The zone of a fresh installation; the district's row has the word as soon as there is one.
TIME_ZONE = "America/Chicago"

# Served from where they lie in the packages: nothing to collect, nothing that can be forgotten.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 0 if DEBUG else 600

# Where text messages go; nowhere where it is empty (base.texting).
SMS_URL = environment.text("HOMEROOM_SMS_URL")
SMS_TOKEN = environment.text("HOMEROOM_SMS_TOKEN")
# Without a mail server letters wait in the queue, and the page of notices says so.
MAIL_SERVER = environment.mail_server()
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if MAIL_SERVER:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.tls == "start", MAIL_SERVER.tls == "all"
EMAIL_TIMEOUT = 30
# With SendGrid's public key every report of SendGrid must be signed; all services call an address that holds a secret.
ANYMAIL = {"SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": environment.text("HOMEROOM_SENDGRID_KEY")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("HOMEROOM_MAIL_FROM")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        },
        "json": {"()": "homeroom.site.logs.Json"},
    },
    "filters": {"careful": {"()": "homeroom.site.logs.Careful"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": {"text": "line", "json": "json"}[environment.choice("HOMEROOM_LOG", "text", "json")],
            "filters": ["careful"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
