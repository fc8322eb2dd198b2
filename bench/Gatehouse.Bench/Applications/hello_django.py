"""A Django project in one file, with what an ordinary site imports: 13 bytes."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=['127.0.0.1'],
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ':memory:'}},
    INSTALLED_APPS=['django.contrib.admin', 'django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'django.contrib.messages'],
    ROOT_URLCONF=__name__,
    SECRET_KEY='bench',
    TEMPLATES=[{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}],
)
django.setup()

from django.contrib import admin  # noqa: E402: the admin wants the settings

urlpatterns = [
    path('admin/', admin.site.urls),
    path('app', lambda request: HttpResponse('Hello, World!', content_type='text/plain', headers={'Content-Length': '13'})),
]
application = get_wsgi_application()
