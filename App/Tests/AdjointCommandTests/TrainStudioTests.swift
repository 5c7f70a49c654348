import Foundation
import Testing

/// `adjoint train --studio`: the trace that a run leaves, and the studio beside it.
@Suite struct TrainStudioTests {
    private static let table =
        "a,b,class\n"
        + (0..<40).map { "\(Double($0) / 20),\(Double($0 * 7 % 13) / 5),\($0 < 20 ? 0 : 1)\n" }
        .joined()

    private static let arguments = [
        "train", "--data", "t.csv", "--label", "class", "--epochs", "3", "--batch-size", "8",
        "--studio",
    ]

    private func records(_ folder: URL) throws -> [[String: Any]] {
        let file = folder.appendingPathComponent("runs/t-mlp/trace.jsonl")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("the first line is the page's address, and every step is in the trace")
    func traced() throws {
        try withFolder(["t.csv": Self.table]) { folder in
            let run = try AdjointProcess(Self.arguments + ["--output", "runs/t-mlp"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(
                run.lines[0].wholeMatch(
                    of: /Watch it at http:\/\/127\.0\.0\.1:[0-9]+\/curves\/file:t%2Dmlp/) != nil)
            let records = try records(folder)
            #expect(records[0]["t"] as? String == "header")
            let events = records.filter { $0["t"] as? String == "ev" }
            #expect(events.compactMap { $0["i"] as? Int } == Array(0..<events.count))
            let losses = events.filter { $0["name"] as? String == "loss" }
            #expect(losses.compactMap { $0["step"] as? Int } == Array(1...losses.count))
            #expect(losses.count == 12)
            let names = Set(events.compactMap { $0["name"] as? String })
            #expect(names.isSuperset(of: ["learning_rate", "held_out_loss", "train_accuracy"]))
            #expect(names.contains { $0.hasPrefix("grad_norm/") })
            let values = events.filter { $0["e"] as? String == "optim.step" }
                .compactMap { ($0["value"] as? [String: Any])?["hist"] as? [String: Any] }
            #expect(!values.isEmpty)
            for hist in values {
                #expect((hist["edges"] as? [Double])?.count == 25)
                #expect((hist["counts"] as? [Int])?.count == 24)
            }
        }
    }

    @Test("the numbers are those of a run without a trace")
    func equal() throws {
        func weights(_ more: [String]) throws -> Data {
            try withFolder(["t.csv": Self.table]) { folder in
                let arguments = Self.arguments.dropLast() + ["--output", "runs/t-mlp"] + more
                _ = try AdjointProcess(Array(arguments), in: folder)
                return try Data(
                    contentsOf: folder.appendingPathComponent("runs/t-mlp/model.safetensors"))
            }
        }
        #expect(try weights([]) == weights(["--studio"]))
    }
}
