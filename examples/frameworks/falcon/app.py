"""Falcon: a greeting, a form and a redirect."""

from html import escape

import falcon


class Index:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = f"Hello, {escape(request.get_param('name', default='anonymous'))}!"


class Echo:
    def on_post(self, request, response):
        response.media = {'name': request.get_media()['name']}


class Old:
    def on_get(self, request, response):
        raise falcon.HTTPFound('/')


application = falcon.App()
application.add_route('/', Index())
application.add_route('/echo', Echo())
application.add_route('/old', Old())
