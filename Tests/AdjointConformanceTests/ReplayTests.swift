import AdjointCore
import Foundation
import Testing

@testable import AdjointConformance

/// The replay must see every way in which a call can be wrong.
@Suite struct ReplayTests {
    /// The squares of [1, 2, 3], with all that a case can hold.
    static let square = """
        {"op": "square", "variant": "", "args": [{"$t": 0}], "kwargs": {}, "tensors": [\
        {"shape": [3], "dtype": "float64", "data": [1.0, 2.0, 3.0], "requires_grad": true}], \
        "out": [{"shape": [3], "dtype": "float64", "data": [1.0, 4.0, 9.0]}], \
        "grad_out": [{"shape": [3], "dtype": "float64", "data": [1.0, 1.0, 2.0]}], \
        "grad": [{"shape": [3], "dtype": "float64", "data": [2.0, 4.0, 12.0]}], \
        "grad_dir": [{"shape": [3], "dtype": "float64", "data": [1.0, 0.0, 1.0]}], \
        "gradgrad": [{"shape": [3], "dtype": "float64", "data": [2.0, 0.0, 4.0]}], \
        "tangent": [{"shape": [3], "dtype": "float64", "data": [1.0, 0.5, 1.0]}], \
        "jvp": [{"shape": [3], "dtype": "float64", "data": [2.0, 2.0, 6.0]}]}
        """

    private func replay(_ lines: String, strict: Bool = true, _ call: @escaping Call)
        -> ConformanceReport
    {
        var calls = Calls()
        calls.bind("square", to: call)
        var conformance = Conformance(strict: strict, calls: calls)
        conformance.replay(Data(lines.utf8), named: "test")
        return conformance.report
    }

    @Test("what is right passes, in all styles")
    func right() {
        let report = replay(Self.square) { [try $0.tensor(0) ** 2] }
        #expect(report.summary == "1 passed, 0 failed, 0 skipped")
    }

    /// A wrong call, and the part that must be named.
    struct Wrong: CustomTestStringConvertible {
        let part: String
        let call: Call
        var testDescription: String { part }
    }

    static let wrongs: [Wrong] = [
        Wrong(part: "value is") { [try $0.tensor(0) ** 2 + 1e-6] },
        Wrong(part: "shape") { [(try $0.tensor(0) ** 2).unsqueeze(0)] },
        Wrong(part: "float32 instead") { [(try $0.tensor(0) ** 2).to(.float32)] },
        Wrong(part: "results instead") { [try $0.tensor(0) ** 2, 1] },
        Wrong(part: "instead of a tensor") { [try $0.tensor(0).requiresGrad] },
        Wrong(part: "grad[0]") { a in
            let x = try a.tensor(0)
            return [x * x.detach()]
        },
        Wrong(part: "gradgrad[0]") { a in
            let x = try a.tensor(0)
            return [customGradient(x) { x in (x ** 2, { g in g * 2 * x.detach() }) }]
        },
        // The right value and gradients, but no tangent: nothing forward flows through.
        Wrong(part: "jvp[0]") { a in
            let x = try a.tensor(0)
            return [x.requiresGrad ? x ** 2 : x.detach() ** 2]
        },
        Wrong(part: "strided: value") { a in
            let x = try a.tensor(0)
            return [x.isContiguous ? x ** 2 : x ** 3]
        },
        Wrong(part: "float32: value") { a in
            let x = try a.tensor(0)
            return [x.dtype == .float64 ? x ** 2 : x ** 3]
        },
        Wrong(part: "matmul") { a in
            let x = try a.tensor(0)
            return [x.matmul(Tensor.ones(2, dtype: .float64))]
        },
    ]

    @Test("what is wrong fails, and is named", arguments: wrongs)
    func wrong(_ wrong: Wrong) {
        let report = replay(Self.square, wrong.call)
        #expect(report.summary == "0 passed, 1 failed, 0 skipped")
        let message = report.operators.first?.messages.first ?? ""
        #expect(message.contains(wrong.part), "\(message)")
        #expect(message.hasPrefix("test:1: "))
    }

    @Test("an argument that is never read fails")
    func unread() {
        let line = Self.square.replacingOccurrences(
            of: "\"kwargs\": {}", with: "\"kwargs\": {\"dim\": 1}")
        let report = replay(line) { [try $0.tensor(0) ** 2] }
        #expect(report.operators[0].messages[0].contains("does not read dim"))
    }

    @Test("an operator that is not here fails")
    func missing() {
        let line = Self.square.replacingOccurrences(of: "\"square\"", with: "\"cube\"")
        #expect(replay(line) { _ in [] }.failed == 1)
    }

    @Test(
        "a line that is no case fails, and the others are replayed",
        arguments: [
            "{", "[]", "3", "{\"kind\": 1}", "{\"op\": 1}", "{\"op\": \"square\"}",
            "{\"op\": \"square\", \"out\": [], \"args\": [{\"$t\": 2}]}",
            "{\"op\": \"square\", \"out\": [], \"tensors\": [{\"shape\": [2], \"dtype\": \"float64\", \"data\": [1]}]}",
            "{\"op\": \"square\", \"out\": [], \"tensors\": [{\"shape\": [1], \"dtype\": \"float99\", \"data\": [1]}]}",
        ])
    func malformed(_ line: String) {
        let report = replay(line + "\n\n" + Self.square) { [try $0.tensor(0) ** 2] }
        #expect(report.summary == "1 passed, 1 failed, 0 skipped")
    }

    @Test("arguments keep their kinds: 1, 1.0 and true are three things")
    func kinds() throws {
        let json = try JSONSerialization.jsonObject(
            with: Data(
                "[1, 1.0, true, null, \"a\", {\"$f\": \"-inf\"}, {\"$slice\": [0, null, 2]}]".utf8))
        let expected: [RecordedArgument] = [
            .int(1), .float(1), .bool(true), .null, .text("a"), .float(-.infinity),
            .slice(0, nil, 2),
        ]
        #expect(try RecordedArgument(json: json) == .list(expected))
    }
}
