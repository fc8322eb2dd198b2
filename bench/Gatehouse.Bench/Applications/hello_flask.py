"""What the Flask row asks for: 13 bytes."""

from flask import Flask

application = Flask(__name__)


@application.route('/app')
def hello():
    return 'Hello, World!', {'Content-Type': 'text/plain'}
