"""Tornado speaks HTTP itself, on the port that it is given."""

import sys

import tornado.ioloop
import tornado.web
import tornado.websocket


class Index(tornado.web.RequestHandler):
    def get(self):
        self.write(f"Hello, {tornado.escape.xhtml_escape(self.get_argument('name', 'anonymous'))}!")


class Echo(tornado.web.RequestHandler):
    def post(self):
        self.write({'name': self.get_body_argument('name')})


class Socket(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)


if __name__ == '__main__':
    application = tornado.web.Application([('/', Index), ('/echo', Echo), ('/socket', Socket)])
    application.listen(int(sys.argv[1]), address='127.0.0.1')
    tornado.ioloop.IOLoop.current().start()
