"""Tells what it runs as; and a fork bomb."""

import grp
import json
import os
import pwd
import signal


def regains():
    try:
        os.setuid(0)
    except PermissionError:
        return False
    return True


def name(find, number):
    try:
        return find(number)[0]
    except KeyError:
        return str(number)


def bomb():
    children = []
    try:
        while len(children) < 1000:
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    except BlockingIOError:
        pass
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return str(len(children))


def application(env, start_response):
    start_response('200 OK', [])
    if env['PATH_INFO'] == '/bomb':
        return [bomb().encode()]
    umask = os.umask(0)
    os.umask(umask)
    shown = {
        'user': name(pwd.getpwuid, os.getuid()), 'group': name(grp.getgrgid, os.getgid()), 'groups': os.getgroups(),
        'umask': f'{umask:03o}', 'folder': os.getcwd(), 'regains': regains(),
    }
    return [json.dumps(shown).encode()]
