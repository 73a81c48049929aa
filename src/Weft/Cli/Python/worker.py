# A native worker's interpreter: weft_task.py stands before this, both as one program. It gets a script, the folder with
# its packages' wheels, and then its tasks one by one, in frames on stdin; what a task prints, or a program that it
# starts, never comes between the frames on stdout.
# In: 8 hex digits, a length, and so many bytes. Out: the same behind a letter: progress, result, error, final error.


def serve():
    calls = os.fdopen(os.dup(0), 'rb')
    answers = os.fdopen(os.dup(1), 'wb')
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)

    def hear():
        length = calls.read(8)
        # The worker has ended.
        if len(length) < 8:
            os._exit(0)
        return calls.read(int(length, 16))

    def hear_text():
        return hear().decode('utf-8', 'surrogatepass')

    def say(kind, text):
        body = text.encode('utf-8', 'backslashreplace')
        answers.write(b'%s%08x' % (kind, len(body)))
        answers.write(body)
        answers.flush()

    name = hear_text()
    source, folder = hear(), hear_text()
    wheels = [(each, os.path.join(folder, each)) for each in sorted(os.listdir(folder))] if folder else []
    script = Script(source, name, wheels, folder)
    while True:
        call = json.loads(hear_text())
        result, error, is_final = script.run(hear_text(), call, lambda part: say(b'p', repr(part)))
        if error is None:
            say(b'r', result)
        else:
            say(b'f' if is_final else b'e', error)


serve()
