import AdjointStudioCore
import AdjointStudioServer
import AdjointTraining
import ArgumentParser
import Dispatch
import Foundation

/// `adjoint studio`.
struct StudioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "studio",
        abstract: "Show traces, examples and lessons in the browser.",
        discussion: """
            The first line of output is the address to open. Traces are found in runs/ and in this \
            folder (*.trace.jsonl); files that are still growing are followed. Ctrl-C ends it.
            """)

    @Argument(help: ArgumentHelp("Trace files to show.", valueName: "file"))
    var files: [String] = []

    @Option(help: "The port to listen on; 0 for any that is free.")
    var port: Int = 8734

    @Option(
        help: ArgumentHelp(
            "The address to listen on. Others than this machine's own reach the studio only by "
                + "the address that is printed.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "Take the pages' files from this folder, to work on them.", valueName: "folder",
            visibility: .hidden))
    var assets: String?

    func validate() throws {
        guard (0...65535).contains(port) else {
            throw ValidationError("--port is \(port); give a whole number from 0 to 65535")
        }
    }

    func run() throws {
        for file in files where !FileManager.default.isReadableFile(atPath: file) {
            throw StudioCommandError(
                description: "there is no trace file \(file); give the path of one, or none")
        }
        var configuration = StudioCore.Configuration()
        configuration.files = files
        configuration.folder = "."
        configuration.host = isLoopback ? nil : host
        configuration.assets = assets.map { StudioAssets(folder: $0) }
        let core = StudioCore(configuration)
        let server = try StudioServer(core, host: host, port: UInt16(port))

        let outcome = Outcome()
        let signals = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Task {
                    await server.stop()
                    outcome.end(nil)
                }
            }
            source.resume()
            return source
        }
        // Whoever started this process may have blocked them.
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        let address = address
        Task.detached {
            do {
                try await server.run { port in
                    StandardOutput.line(address(port, core.token))
                }
                outcome.end(nil)
            } catch {
                outcome.end(error)
            }
        }
        defer { for signal in signals { signal.cancel() } }
        try outcome.wait()
    }

    private var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    /// What to open; from elsewhere only with the token.
    private var address: @Sendable (UInt16, String) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        let query = isLoopback ? nil : "?token="
        return { port, token in
            "http://\(name):\(port)/" + (query.map { $0 + token } ?? "")
        }
    }
}

struct StudioCommandError: Error, CustomStringConvertible {
    let description: String
}

/// How the server ended, for the thread that waits.
private final class Outcome: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let lock = NSLock()
    private var error: (any Error)?

    func end(_ error: (any Error)?) {
        lock.withLock { self.error = self.error ?? error }
        done.signal()
    }

    func wait() throws {
        done.wait()
        if let error = lock.withLock({ error }) { throw error }
    }
}
