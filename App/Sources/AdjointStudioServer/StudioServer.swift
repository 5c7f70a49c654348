public import AdjointStudioCore
import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// Serves a studio over HTTP.
public final class StudioServer: Sendable {
    private let core: StudioCore
    private let server: HTTPServer
    private let host: String
    private let port: UInt16
    private let isStopping = Atomic<Bool>(false)

    /// A server that is not listening yet.
    ///
    /// - Parameters:
    ///   - host: "localhost", or an IP address of this machine.
    ///   - port: 0 for any that is free.
    /// - Throws: A `StudioServerError` where `host` is no address.
    public init(_ core: StudioCore, host: String = "127.0.0.1", port: UInt16 = 0) throws {
        self.core = core
        self.host = host
        self.port = port
        func server(_ address: some SocketAddress) -> HTTPServer {
            // Uploads take their time; streams are answered at once, and last.
            HTTPServer(
                config: HTTPServer.Configuration(
                    address: address, timeout: 120, sharedRequestReplaySize: 1 << 16,
                    pool: PromptPool(pool: HTTPServer.defaultPool()), logger: .disabled),
                handler: StudioHandler(core: core))
        }
        let name = host == "localhost" ? "127.0.0.1" : host
        if let address = try? sockaddr_in.inet(ip4: name, port: port) {
            self.server = server(address)
        } else if let address = try? sockaddr_in6.inet6(ip6: name, port: port) {
            self.server = server(address)
        } else {
            throw StudioServerError(
                message: "the host \(host) is no address; give an IP address of this machine, "
                    + "such as 127.0.0.1, or 0.0.0.0 for all of them")
        }
    }

    /// Serves until `stop`.
    ///
    /// - Parameter ready: Gets the port once the server listens.
    /// - Throws: A `StudioServerError` where it cannot listen.
    public func run(ready: @escaping @Sendable (UInt16) -> Void) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { [server] group in
                group.addTask { try await server.run() }
                group.addTask {
                    try await server.waitUntilListening(timeout: 30)
                    switch await server.listeningAddress {
                    case .ip4(_, let port), .ip6(_, let port): ready(port)
                    case .unix, nil: break
                    }
                }
                for try await _ in group {}
            }
        } catch {
            // What `stop` leaves behind.
            if isStopping.load(ordering: .relaxed) { return }
            guard let error = error as? SocketError else { throw error }
            throw StudioServerError(error, host: host, port: port)
        }
    }

    /// Ends the streams, then closes the socket and every connection.
    public func stop() async {
        isStopping.store(true, ordering: .relaxed)
        core.close()
        // Streams look at most this often whether they should end.
        try? await Task.sleep(for: .milliseconds(120))
        await server.stop(timeout: 0.5)
    }
}

/// Why the studio cannot be served, in one line.
public struct StudioServerError: Error, CustomStringConvertible {
    let message: String

    public var description: String { message }

    init(message: String) { self.message = message }

    init(_ error: SocketError, host: String, port: UInt16) {
        switch error {
        case .failed(_, EADDRINUSE, _):
            message =
                "port \(port) of \(host) is in use by another program; give another --port, or "
                + "--port 0 for any that is free"
        case .failed(_, EACCES, _):
            message =
                "port \(port) of \(host) may not be used without more rights; give a --port above "
                + "1023, or --port 0 for any that is free"
        case .failed(_, EADDRNOTAVAIL, _):
            message = "\(host) is no address of this machine; 127.0.0.1 always is one"
        default: message = "cannot listen on \(host):\(port): \(error.localizedDescription)"
        }
    }
}
