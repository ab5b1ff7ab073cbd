"""What the pages look like: sites made to be looked at, for the tests in a browser and for sheets of screenshots."""
