import AdjointCore
import AdjointOptim

/// Steps of one of PyTorch's schedules, and the learning rates that they led to.
///
/// A line has the keys `scheduler` (the name), `base_lr` (the rate of the optimiser, SGD with
/// momentum 0.9), `options` (by PyTorch's names) and `lrs`: the rate before the first step and
/// after each. ReduceLROnPlateau gets `metrics`, and its rates are those after each.
struct SchedulerReplay {
    private let name: String
    private let options: [String: RecordedArgument]
    private let baseRate: Double
    private let rates: [Double]
    private let metrics: [Double]?

    init(_ object: [String: Any]) throws {
        func numbers(_ key: String) throws -> [Double] {
            guard let list = object[key] as? [Any] else { throw Malformed("'\(key)' is no list") }
            return try list.map {
                guard let number = try RecordedArgument(json: $0).number else {
                    throw Malformed("'\(key)' holds \($0)")
                }
                return number
            }
        }
        guard let name = object["scheduler"] as? String,
            let base = object["base_lr"].flatMap({ try? RecordedArgument(json: $0).number })
        else { throw Malformed("'scheduler' is no name, or 'base_lr' no number") }
        self.name = name
        baseRate = base
        options = try (object["options"] as? [String: Any] ?? [:])
            .mapValues(RecordedArgument.init(json:))
        rates = try numbers("lrs")
        metrics = object["metrics"] == nil ? nil : try numbers("metrics")
        guard !rates.isEmpty else { throw Malformed("'lrs' is empty") }
    }

    /// Throws what differs first.
    func run() throws {
        try catchingTensorErrors {
            let parameter = Parameter(Tensor([1.0], dtype: .float64))
            let optimizer = SGD([parameter], learningRate: baseRate, momentum: 0.9)
            let arguments = Arguments([], options, [])
            let got =
                if name == "ReduceLROnPlateau" {
                    try plateau(optimizer, arguments)
                } else {
                    try steps(optimizer, arguments)
                }
            for (i, (got, want)) in zip(got, rates).enumerated()
            where !Tolerance.network.accepts(got, want) {
                throw Mismatch("rate \(i) is \(got) instead of \(want)")
            }
        }
    }

    private func steps(_ optimizer: SGD, _ arguments: Arguments) throws -> [Double] {
        guard metrics == nil else { throw Malformed("'metrics' are for ReduceLROnPlateau") }
        let scheduler = try SchedulerTable.make(name, optimizer, arguments)
        try arguments.checkRead(name)
        var got = [optimizer.learningRate]
        for _ in rates.dropFirst() {
            optimizer.step()
            scheduler.step()
            got.append(optimizer.learningRate)
        }
        return got
    }

    private func plateau(_ optimizer: SGD, _ arguments: Arguments) throws -> [Double] {
        guard let metrics, (0...1).contains(rates.count - metrics.count) else {
            throw Malformed("there are not as many 'metrics' as 'lrs'")
        }
        let scheduler = try SchedulerTable.plateau(optimizer, arguments)
        try arguments.checkRead(name)
        var got = rates.count > metrics.count ? [optimizer.learningRate] : []
        for metric in metrics {
            optimizer.step()
            scheduler.step(metric)
            got.append(optimizer.learningRate)
        }
        return got
    }
}

extension Arguments {
    /// Throws where an argument was not asked for.
    func checkRead(_ name: String) throws {
        ignore("last_epoch", "verbose")
        guard unread.isEmpty else {
            throw Mismatch("\(name) does not take \(unread.joined(separator: ", "))")
        }
    }
}

/// A schedule inside another, as lines write it: `LinearLR(0.1, 1.0, total_iters=4)`.
struct SchedulerCall {
    let name: String
    let arguments: Arguments

    init(_ recorded: RecordedArgument) throws {
        guard case .text(let text) = recorded, let open = text.firstIndex(of: "("),
            text.hasSuffix(")")
        else { throw Malformed("\(recorded) is no call of a schedule") }
        name = String(text[..<open])
        var positional: [RecordedArgument] = []
        var keywords: [String: RecordedArgument] = [:]
        for part in SchedulerCall.parts(text[text.index(after: open)...].dropLast()) {
            let sides = part.split(separator: "=", maxSplits: 1)
            if sides.count == 2, sides[0].allSatisfy({ $0.isLetter || $0 == "_" || $0 == " " }) {
                let keyword = sides[0].filter { $0 != " " }
                keywords[keyword] = try SchedulerCall.value(sides[1])
            } else {
                positional.append(try SchedulerCall.value(part))
            }
        }
        arguments = Arguments(positional, keywords, [])
    }

    /// What stands between commas that are in no brackets.
    private static func parts(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var (depth, start) = (0, text.startIndex)
        for i in text.indices {
            switch text[i] {
            case "[", "(": depth += 1
            case "]", ")": depth -= 1
            case "," where depth == 0:
                parts.append(text[start..<i])
                start = text.index(after: i)
            default: break
            }
        }
        parts.append(text[start...])
        return parts.filter { $0.contains { $0 != " " } }
    }

    private static func value(_ part: Substring) throws -> RecordedArgument {
        let text = String(part).trimming(" ")
        switch text {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .null
        default: break
        }
        if let number = Int(text) { return .int(number) }
        if let number = Double(text) { return .float(number) }
        guard let first = text.first, let last = text.last, text.count >= 2 else {
            throw Malformed("'\(text)' is no argument")
        }
        switch (first, last) {
        case ("'", "'"), ("\"", "\""): return .text(String(text.dropFirst().dropLast()))
        case ("[", "]"), ("(", ")"):
            return .list(try parts(text.dropFirst().dropLast()).map(value))
        default: throw Malformed("'\(text)' is no argument")
        }
    }
}

extension String {
    /// Without that character at both ends.
    fileprivate func trimming(_ character: Character) -> String {
        var rest = Substring(self)
        while rest.first == character { rest.removeFirst() }
        while rest.last == character { rest.removeLast() }
        return String(rest)
    }
}
