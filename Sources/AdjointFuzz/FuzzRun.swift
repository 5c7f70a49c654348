import AdjointFuzzing
import Foundation

/// Starts the processes that read, and says which input ended one.
struct FuzzRun {
    let target: FuzzTarget
    let options: Options
    let folder: String

    /// After so many failures a reader has had enough.
    private static let mostFailures = 10

    /// How many inputs failed.
    func callAsFunction() throws -> Int {
        let began = Date()
        var (first, read, refused, failures, peak) = (options.first, 0, 0, 0, 0)
        var digest = ""
        let end = options.first + options.runs
        while first < end {
            let result = try child(first: first, runs: end - first)
            let words = result.output.split(separator: "\n").last?.split(separator: " ") ?? []
            if words.count == 5 {
                read += Int(words[1]) ?? 0
                refused += Int(words[2]) ?? 0
                peak = max(peak, Int(words[3]) ?? 0)
                digest = String(words[4])
            }
            guard let problem = result.problem else { break }
            failures += 1
            try report(problem, result.last)
            if failures == Self.mostFailures { break }
            first = result.last + 1
        }
        let seconds = Date().timeIntervalSince(began)
        print(
            "\(target.name): \(options.runs) inputs, seed \(options.seed): \(read) read, "
                + "\(refused) refused, \(failures) failed; at most \(peak >> 10) KiB; "
                + String(format: "%.1f", seconds) + " s; digest \(digest)")
        return failures
    }

    private struct Result {
        let output: String
        /// The input that was being read at the end.
        let last: Int
        let problem: String?
    }

    private func child(first: Int, runs: Int) throws -> Result {
        let progress = folder + "/progress"
        try FuzzFile.write([UInt8](repeating: 0, count: 8), to: progress)
        let child = try FuzzChild(
            [
                "--progress", progress, target.name, "--first", "\(first)", "--runs", "\(runs)",
                "--seed", "\(options.seed)",
            ], folder: folder)
        let last = try Data(contentsOf: URL(fileURLWithPath: progress)).withUnsafeBytes {
            $0.loadUnaligned(as: Int.self)
        }
        return Result(
            output: child.output, last: last, problem: child.problem(hang: FuzzLoop.hangLimit))
    }

    /// Keeps the input, and says how to see it again.
    private func report(_ problem: String, _ number: Int) throws {
        let bytes = target.input(number, seed: options.seed, of: try target.seeds(folder))
        let kept = ".build/fuzz-\(target.name)-\(options.seed)-\(number).bin"
        var isKept = true
        do { try FuzzFile.write(bytes, to: kept) } catch { isKept = false }
        print(
            "\(target.name): input \(number) of seed \(options.seed), \(bytes.count) bytes: \(problem)"
        )
        if bytes.count <= 600 { print("  base64: \(Data(bytes).base64EncodedString())") }
        print(
            "  again: make fuzz ARGS=\"\(target.name) "
                + (isKept ? "--input \(kept)" : "--seed \(options.seed) --first \(number) --runs 1")
                + "\"")
    }
}
