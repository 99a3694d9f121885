import Gateway
import HummingbirdTesting
import Testing
