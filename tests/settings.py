"""The settings of the house, with a home of its own for each test run and nothing slow."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="homeroom-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["HOMEROOM_HOME"] = _home
_database = os.environ.get("HOMEROOM_TEST_DATABASE", "")
if _database not in ("", "sqlite", "postgresql"):
    raise ValueError(f"HOMEROOM_TEST_DATABASE is “{_database}”; give sqlite or postgresql.")
_keep = ("HOMEROOM_HOME", "HOMEROOM_TEST_DATABASE")  # processes of pytest-xdist read the second one too
for _name in [name for name in os.environ if name.startswith("HOMEROOM_") and name not in _keep]:
    del os.environ[_name]
os.environ.pop("DATABASE_URL", None)
if _database == "postgresql":
    from tests import postgresql

    os.environ["DATABASE_URL"] = postgresql.cluster()

from homeroom.site.settings import *  # noqa: E402, F403

os.environ.pop("DATABASE_URL", None)  # a house that a test starts has a home and a database of its own
if _database == "postgresql":
    DATABASES["activity"]["OPTIONS"] = {}  # noqa: F405 (in tests it has a database of its own, without the schema)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
for _each in DATABASES.values():  # noqa: F405
    _each["TEST"] = {**_each.get("TEST", {}), "MIGRATE": False}  # tests/conftest.py guards the tables
