import Foundation

extension LearnerProgram {
    /// What a compiler that said no means to the learner.
    func refused(_ compiled: BoundedProcess) throws -> Outcome {
        if compiled.ending == .timeout {
            return Outcome(
                isRight: false,
                lines: ["The compiler did not finish. A long formula in one line can do that."])
        }
        let messages = (compiled.errors + compiled.output).components(separatedBy: "\n")
            .filter { $0.contains(": error: ") }
        var seen: Set<String> = []
        let own = messages.compactMap { line -> String? in
            guard let name = line.range(of: "Answer.swift:") else { return nil }
            return "\(file):" + line[name.upperBound...]
        }.filter { seen.insert($0).inserted }
        if !own.isEmpty {
            var lines = ["\(file) does not compile:"] + own.prefix(10).map { "  " + $0 }
            if own.count > 10 { lines.append("  and \(own.count - 10) more") }
            if own.contains(where: { $0.contains("allowed at the top level") }) {
                lines.append("Statements belong inside functions: the check calls what it needs.")
            }
            return Outcome(isRight: false, lines: lines)
        }
        if messages.contains(where: { $0.contains("main.swift:") }) {
            let reasons = messages.compactMap { $0.components(separatedBy: ": error: ").last }
            return Outcome(
                isRight: false,
                lines: [
                    "\(file) compiles, but the check finds other names or types than it calls.",
                    "It expects \(exercise.expects).",
                ] + reasons.prefix(3).map { "  " + $0 })
        }
        throw Obstacle(
            description: "swiftc failed without naming a line: "
                + (compiled.errors.split(separator: "\n").last.map(String.init) ?? "no message"))
    }

    /// What the checks said.
    func judged(_ ran: BoundedProcess, _ mark: String) -> Outcome {
        var lines: [String] = []
        var trying: String?
        var wrong = 0
        var isComplete = false
        var other: [String] = []
        for line in ran.errors.components(separatedBy: "\n") {
            let parts = line.components(separatedBy: "\t")
            guard parts.count == 3, parts[0] == mark else {
                if !line.isEmpty { other.append(line) }
                continue
            }
            switch parts[1] {
            case "begin": trying = parts[2]
            case "right":
                lines.append("right  \(parts[2])")
                trying = nil
            case "wrong":
                lines.append("wrong  \(trying ?? "")")
                lines.append("       \(parts[2])")
                wrong += 1
                trying = nil
            default: isComplete = true
            }
        }
        let said = ran.output.split(separator: "\n", omittingEmptySubsequences: false)
        if ran.output.contains(where: { !$0.isWhitespace }) {
            lines.append("Your program printed:")
            lines += said.prefix(20).map { "  " + Self.printable($0) }
            if said.count > 20 { lines.append("  ...") }
        }
        if isComplete, ran.ending == .exit(0) {
            lines.append(
                wrong == 0 ? "All right: \(exercise.name) is solved." : "Not yet: \(wrong) wrong.")
            return Outcome(isRight: wrong == 0, lines: lines)
        }
        lines.append(Self.words(for: ran.ending, limit: limit, trying: trying))
        lines += other.prefix(3).map { "  " + Self.printable($0[...]) }
        return Outcome(isRight: false, lines: lines)
    }

    private static func words(
        for ending: BoundedProcess.Ending, limit: Double, trying: String?
    ) -> String {
        let place = trying.map { " during '\($0)'" } ?? ""
        switch ending {
        case .timeout:
            return "Stopped after \(limit.formatted()) seconds\(place): a loop without an end, or "
                + "work that is done over and over."
        case .signal, .exit: return "The program ended\(place) before the check was done."
        }
    }

    /// Without control characters, which a program could smuggle into a terminal.
    private static func printable(_ text: Substring) -> String {
        String(
            String.UnicodeScalarView(
                text.prefix(500).unicodeScalars.filter {
                    $0.properties.generalCategory != .control
                }))
    }
}
