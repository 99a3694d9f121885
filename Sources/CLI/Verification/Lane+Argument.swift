public import ArgumentParser
public import Verify

extension Lane: ExpressibleByArgument {}
