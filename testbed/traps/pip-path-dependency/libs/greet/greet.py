def greet(name):
    return f"good day, {name}\n"
