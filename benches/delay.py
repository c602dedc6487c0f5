"""A line to a server on this machine whose every answer comes late, for benches/mail.sh.

`python3 delay.py PORT SERVER_PORT MILLISECONDS`. What the client says goes on at once. What the server says waits its time and
holds nothing up: an answer that comes a millisecond after another leaves a millisecond after it.
"""

import asyncio
import socket
import sys

port, server_port, late = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000


async def client_to_server(client, server):
    while piece := await client.read(1 << 18):
        server.write(piece)
        await server.drain()
    server.write_eof()


async def server_to_client(server, client):
    clock = asyncio.get_running_loop()
    while piece := await server.read(1 << 16):
        clock.call_later(late, client.write, piece)
    clock.call_later(late, client.close)


async def carry(client, client_out):
    server, server_out = await asyncio.open_connection("127.0.0.1", server_port, limit=1 << 18)
    for end in (client_out, server_out):
        end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    await asyncio.gather(client_to_server(client, server_out), server_to_client(server, client_out), return_exceptions=True)
    server_out.close()


async def main():
    async with await asyncio.start_server(carry, "127.0.0.1", port, limit=1 << 18) as line:
        await line.serve_forever()


asyncio.run(main())
