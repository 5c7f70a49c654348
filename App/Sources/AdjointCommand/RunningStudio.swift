import AdjointStudioCore
import AdjointStudioServer
import Dispatch
import Foundation

/// A studio that is served while this process does something else, and ends with it.
struct RunningStudio {
    /// The page of the run.
    let address: String

    /// Serves the run in `folder` on a free port of the loopback.
    ///
    /// - Throws: A `StudioServerError` where no port can be had.
    init(showing folder: String) throws {
        var configuration = StudioCore.Configuration()
        configuration.files = ["\(folder)/trace.jsonl"]
        configuration.folder = "."
        let core = StudioCore(configuration)
        let server = try StudioServer(core)
        let start = Start()
        Task.detached {
            do {
                try await server.run { start.end(.success($0)) }
            } catch {
                start.end(.failure(error))
            }
        }
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        let plain = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? name
        address = "http://127.0.0.1:\(try start.wait())/curves/file:\(plain)"
    }

    /// The port, once the server listens.
    private final class Start: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private let lock = NSLock()
        private var result: Result<UInt16, any Error>?

        func end(_ result: Result<UInt16, any Error>) {
            lock.withLock { self.result = self.result ?? result }
            done.signal()
        }

        func wait() throws -> UInt16 {
            done.wait()
            guard let result = lock.withLock({ result }) else { return 0 }
            return try result.get()
        }
    }
}
