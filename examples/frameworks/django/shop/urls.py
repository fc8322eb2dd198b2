"""One page, a form, and the admin."""

from django.contrib import admin
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt


def index(request):
    return HttpResponse(f"Hello, {escape(request.GET.get('name', 'anonymous'))}!")


@csrf_exempt
def echo(request):
    return JsonResponse({'name': request.POST['name']})


urlpatterns = [
    path('', index),
    path('echo', echo),
    path('old', lambda request: redirect('/')),
    path('admin/', admin.site.urls),
]
