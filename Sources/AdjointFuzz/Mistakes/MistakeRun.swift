import AdjointFuzzing
import Foundation

/// Starts the processes that call, and says which call ended one.
struct MistakeRun {
    let options: Options
    let calls: [MistakeCall]

    init(_ options: Options) throws {
        self.options = options
        let wanted = options.names.dropFirst()
        let all = MistakeTable.all + MistakeTable.saboteurs.filter { wanted.contains($0.name) }
        calls =
            wanted.isEmpty ? all : all.filter { call in wanted.contains { call.name.contains($0) } }
        if calls.isEmpty {
            throw Failure("no public function has \(wanted.joined(separator: " or ")) in its name")
        }
    }

    /// How many calls failed.
    func callAsFunction() throws -> Int {
        let folder = try options.folder ?? FuzzFile.makeFolder()
        defer { if options.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        if options.progress != nil || options.isVerbose {
            try MistakeLoop(options: options, folder: folder, calls: calls).run()
            return 0
        }
        if options.isOutside {
            try MistakeLoop(options: options, folder: folder, calls: calls).runOutside()
            return 0
        }
        try MistakeFiles.write(to: folder)
        if let count = options.outside { return try compare(count, folder) }
        return try sweep(folder)
    }

    private func sweep(_ folder: String) throws -> Int {
        let began = Date()
        let path = folder + "/progress"
        try FuzzFile.write(
            [UInt8](repeating: 0, count: MistakeProgress.size(calls.count)), to: path)
        let progress = try MistakeProgress(path, calls.count)
        var (first, failures) = (options.first, 0)
        let end = options.first + options.runs
        while first < end {
            let child = try FuzzChild(
                words + ["--progress", path, "--first", "\(first)", "--runs", "\(end - first)"],
                folder: folder)
            guard let problem = child.problem(hang: MistakeLoop.hangLimit) else { break }
            failures += 1
            report(problem, progress.number)
            if failures == options.mostFailures { break }
            first = progress.number + 1
        }
        let worked = calls.indices.reduce(0) { $0 + progress.worked($1) }
        let refused = calls.indices.reduce(0) { $0 + progress.refused($1) }
        let reached = calls.indices.count { progress.worked($0) > 0 }
        if options.listsUnreached {
            for i in calls.indices where progress.worked(i) == 0 {
                print("never worked: \(calls[i].name)")
            }
        }
        print(
            "mistakes: \(calls.count) calls of public functions, seed \(options.seed): "
                + "\(worked + refused + failures) made, \(worked) worked, \(refused) refused, "
                + "\(failures) failed; \(reached) worked at least once; "
                + String(format: "%.1f s", Date().timeIntervalSince(began)))
        return failures
    }

    /// What the processes need to make the same calls.
    private var words: [String] { options.names + ["--seed", "\(options.seed)"] }

    /// Keeps the call, and says how to make it again.
    private func report(_ problem: String, _ number: Int) {
        let name = calls[number % calls.count].name
        let draw = number / calls.count
        print("\(name), draw \(draw) of seed \(options.seed): \(problem)")
        print(
            "  again: make mistakes ARGS=\"'\(name)' --seed \(options.seed) --first \(draw) --runs 1\""
        )
        let line = "\(options.seed) \(draw) \(name)\n"
        let kept = (try? String(contentsOfFile: ".build/failed-calls", encoding: .utf8)) ?? ""
        try? FuzzFile.write(Array((kept + line).utf8), to: ".build/failed-calls")
    }

    /// Makes refused calls again where nothing catches: the process must end with the same message.
    private func compare(_ count: Int, _ folder: String) throws -> Int {
        let inside = try FuzzChild(
            words + ["--verbose", "1", "--first", "\(options.first)", "--runs", "\(options.runs)"],
            folder: folder)
        if let problem = inside.problem(hang: MistakeLoop.hangLimit) { throw Failure(problem) }
        let refused = inside.output.split(separator: "\n").map {
            $0.split(separator: "\t", maxSplits: 1)
        }
        .filter { $0.count == 2 }
        var failures = 0
        let step = Swift.max(refused.count / count, 1)
        for line in stride(from: 0, to: refused.count, by: step).map({ refused[$0] }).prefix(count)
        {
            let outside = try FuzzChild(
                words + ["--outside", "1", "--first", "\(line[0])"], folder: folder)
            if outside.wasSignalled, outside.errors.contains(line[1]) { continue }
            failures += 1
            let number = Int(line[0]) ?? 0
            report(
                "outside catchingTensorErrors it does not end with \"\(line[1])\" "
                    + "but with \"\(outside.errors.prefix(300))\"", number)
        }
        print(
            "outside: \(Swift.min(count, refused.count)) calls that are refused inside "
                + "catchingTensorErrors: \(failures) failed")
        return failures
    }
}
