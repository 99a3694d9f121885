"""What the API answers instead of a result."""


class WireError(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def no_collection(name):
    return WireError(404, f"Not found: Collection `{name}` doesn't exist!")
