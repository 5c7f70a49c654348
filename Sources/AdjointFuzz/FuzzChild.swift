import AdjointFuzzing
import Foundation

/// This program once more, as a process that may end in any way.
struct FuzzChild {
    let output: String
    /// What it wrote to standard error.
    let errors: String
    private let reason: Process.TerminationReason
    private let status: Int32

    /// Runs it to its end. The folder takes what it writes to standard error.
    init(_ arguments: [String], folder: String) throws {
        let process = Process()
        let (pipe, place) = (Pipe(), folder + "/errors")
        try FuzzFile.write([], to: place)
        process.executableURL = Bundle.main.executableURL
        process.arguments = arguments + ["--folder", folder]
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        // Dictionaries have the same order in every process: an order decides which error comes first.
        environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
        process.environment = environment
        process.standardOutput = pipe
        process.standardError = FileHandle(forWritingAtPath: place)
        try process.run()
        output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        errors = String(
            decoding: FileManager.default.contents(atPath: place) ?? Data(), as: UTF8.self)
        (reason, status) = (process.terminationReason, process.terminationStatus)
    }

    var wasSignalled: Bool { reason == .uncaughtSignal }

    /// Whether it was ended since a call took too long.
    var isHang: Bool { wasSignalled && (status == SIGPROF || status == SIGALRM) }

    /// What is wrong with how it ended; nil where nothing is.
    func problem(hang seconds: Int) -> String? {
        if wasSignalled {
            var problem =
                isHang
                ? "took more than \(seconds) s" : "ended the process by signal \(status)"
            let hint = errors.split(separator: "\n").first { $0.contains("atal error") }
            if let hint { problem += ": \(hint)" }
            return problem
        }
        // What comes last is the failure; warnings may come before it.
        let last = errors.split(separator: "\n").last.map(String.init)
        return status == 0 ? nil : last ?? "ended with status \(status)"
    }
}
