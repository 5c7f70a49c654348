import Foundation

/// What became of the cases of one operator.
public struct OperatorReport: Sendable {
    /// PyTorch's name, with the variant.
    public let name: String
    /// Cases that passed.
    public internal(set) var passed = 0
    /// Cases that did not.
    public internal(set) var failed = 0
    /// Cases that nothing here can replay.
    public internal(set) var skipped = 0
    /// A line for each case that did not pass: where it stands, and what differs.
    public internal(set) var messages: [String] = []

    /// `add: 12 passed`, with what failed below it.
    public var text: String {
        var parts: [String] = []
        if passed > 0 { parts.append("\(passed) passed") }
        if failed > 0 { parts.append("\(failed) failed") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        let summary = parts.isEmpty ? "no cases" : parts.joined(separator: ", ")
        let shown = messages.first.map { ": \($0)" } ?? ""
        return "\(name): \(summary)\(shown)"
    }
}

/// What became of all of them.
public struct ConformanceReport: Sendable {
    /// In the order of their first lines.
    public private(set) var operators: [OperatorReport] = []
    private var positions: [String: Int] = [:]

    /// Cases of all operators that passed.
    public var passed: Int { operators.reduce(0) { $0 + $1.passed } }
    /// Cases of all operators that did not.
    public var failed: Int { operators.reduce(0) { $0 + $1.failed } }
    /// Cases of all operators that nothing here can replay.
    public var skipped: Int { operators.reduce(0) { $0 + $1.skipped } }

    /// `1499 passed, 0 failed, 0 skipped`
    public var summary: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }

    mutating func add(_ outcome: Outcome, to name: String, at place: String) {
        let i = positions[name] ?? operators.count
        if i == operators.count {
            operators.append(OperatorReport(name: name))
            positions[name] = i
        }
        switch outcome {
        case .passed: operators[i].passed += 1
        case .failed(let why):
            operators[i].failed += 1
            operators[i].messages.append("\(place): \(why)")
        case .skipped(let why):
            operators[i].skipped += 1
            operators[i].messages.append("\(place): \(why)")
        }
    }
}

/// What became of one case.
enum Outcome: Sendable {
    case passed
    case failed(String)
    case skipped(String)
}
