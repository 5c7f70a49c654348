import Foundation
import Testing

@testable import AdjointConformance

/// PyTorch's layers as they were recorded, and what the replay must not let pass.
@Suite struct LayerReplayTests {
    static let lines: [String] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/networks/layers.jsonl")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }()

    private func replay(_ line: String) -> ConformanceReport {
        var conformance = Conformance()
        conformance.replay(Data(line.utf8), named: "layers")
        return conformance.report
    }

    @Test("the recording is there") func recording() { #expect(Self.lines.count >= 80) }

    @Test("outputs, gradients and state are PyTorch's")
    func agrees() {
        let report = replay(Self.lines.joined(separator: "\n"))
        #expect(report.passed == Self.lines.count)
        #expect(report.operators.flatMap(\.messages) == [])
    }

    /// The line of a layer with the keys of `change` replaced.
    private func line(_ layer: String, _ change: (inout [String: Any]) -> Void) throws -> String {
        let line = try #require(Self.lines.first { $0.contains("\"layer\":\"\(layer)\"") })
        var object = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        change(&object)
        return String(
            decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    private static var zero: [String: Any] { ["shape": [1], "dtype": "float64", "data": [0.0]] }

    /// What is changed in a line, and the word that the message must hold.
    struct Wrong: CustomTestStringConvertible, Sendable {
        let layer: String
        let word: String
        let change: @Sendable (inout [String: Any]) -> Void
        var testDescription: String { word }
    }

    static let wrongs = [
        Wrong(layer: "PReLU", word: "output 0") { $0["outputs"] = [zero] },
        Wrong(layer: "PReLU", word: "gradient of input 0") { $0["grad_inputs"] = [zero] },
        Wrong(layer: "PReLU", word: "gradient of 'weight'") {
            $0["grad_parameters"] = ["weight": zero]
        },
        Wrong(layer: "PReLU", word: "the parameters are") { $0["grad_parameters"] = [:] },
        Wrong(layer: "BatchNorm1d", word: "'running_mean' afterwards") {
            var state = $0["state_after"] as? [String: Any] ?? [:]
            state["running_mean"] = zero
            $0["state_after"] = state
        },
        Wrong(layer: "BatchNorm1d", word: "the state names are") { $0["state_after"] = [:] },
        Wrong(layer: "ELU", word: "no option slope") { $0["options"] = ["slope": 1] },
        Wrong(layer: "ELU", word: "there is no such layer") { $0["layer"] = "GLOO" },
        Wrong(layer: "ELU", word: "in their order") { $0["call"] = "state" },
        Wrong(layer: "ELU", word: "neither train nor eval") { $0["mode"] = "sleep" },
        Wrong(layer: "ELU", word: "not one gradient") { $0["grad_inputs"] = [] },
        Wrong(layer: "Linear", word: "'in_features' is missing") {
            $0["options"] = ["out_features": 3]
        },
        Wrong(layer: "GELU", word: "no approximate 'erf'") {
            $0["options"] = ["approximate": "erf"]
        },
    ]

    @Test("what is wrong fails, and is named", arguments: wrongs)
    func wrong(_ wrong: Wrong) throws {
        let report = replay(try line(wrong.layer, wrong.change))
        #expect(report.summary == "0 passed, 1 failed, 0 skipped")
        let message = report.operators.first?.messages.first ?? ""
        #expect(message.contains(wrong.word), "\(message)")
    }
}
