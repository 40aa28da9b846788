"""What a worker does with files and images. Every job may come twice and be killed at any moment.

Its modules are imported one by one: some need libraries that the web process does well without.
"""
