import AdjointFuzzing
import Foundation

/// Starts the processes that call, and says which call ended one.
struct MistakeRun {
    let options: Options

    init(_ options: Options) { self.options = options }

    /// How many calls failed.
    func callAsFunction() throws -> Int {
        let folder = try options.folder ?? FuzzFile.makeFolder()
        defer { if options.folder == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let plan = try MistakePlan(options, folder: folder)
        if options.progress != nil || options.isVerbose || options.isOutside {
            let loop = MistakeLoop(options: options, plan: plan)
            try options.isOutside ? loop.runOutside() : loop.run()
            return 0
        }
        try MistakeFiles.write(to: folder)
        if let count = options.outside { return try compare(count, plan, folder) }
        return try sweep(plan, folder)
    }

    private func sweep(_ plan: MistakePlan, _ folder: String) throws -> Int {
        let calls = plan.calls
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
            first = progress.number + 1
            if child.isHang, try hangsNoMore(progress.number, folder) { continue }
            failures += 1
            report(problem, plan.attempt(progress.number))
            if failures == options.mostFailures { break }
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

    /// Whether a call that took too long does not, when it is made by itself: a machine that does
    /// something else may count as a call's time.
    private func hangsNoMore(_ number: Int, _ folder: String) throws -> Bool {
        try FuzzChild(
            words + ["--verbose", "1", "--first", "\(number)", "--runs", "1"], folder: folder
        ).problem(hang: MistakeLoop.hangLimit) == nil
    }

    /// What the processes need to make the same calls.
    private var words: [String] { options.names + ["--seed", "\(options.seed)"] }

    /// Keeps the call, and says how to make it again.
    private func report(_ problem: String, _ attempt: MistakeAttempt) {
        let (name, draw, seed) = (attempt.call.name, attempt.number, attempt.seed)
        print("\(name), draw \(draw) of seed \(seed): \(problem)")
        print("  again: make mistakes ARGS=\"'\(name)' --seed \(seed) --first \(draw) --runs 1\"")
        // A sweep takes minutes, and may write to a file.
        fflush(nil)
        let line = "        (\(seed), \(draw), \"\(name)\"),\n"
        let kept = (try? String(contentsOfFile: ".build/failed-calls", encoding: .utf8)) ?? ""
        try? FuzzFile.write(Array((kept + line).utf8), to: ".build/failed-calls")
    }

    /// Makes refused calls again where nothing catches: the process must end with the same message.
    private func compare(_ count: Int, _ plan: MistakePlan, _ folder: String) throws -> Int {
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
            report(
                "outside catchingTensorErrors it does not end with \"\(line[1])\" "
                    + "but with \"\(outside.errors.prefix(300))\"", plan.attempt(Int(line[0]) ?? 0))
        }
        print(
            "outside: \(Swift.min(count, refused.count)) calls that are refused inside "
                + "catchingTensorErrors: \(failures) failed")
        return failures
    }
}
