import Foundation
import Testing

@Suite(.serialized) struct TrainCommandTests {
    private let results = ["config.json", "curves.svg", "metrics.csv", "model.safetensors"]

    private func objects(_ process: AdjointProcess) throws -> [[String: Any]] {
        try process.lines.map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test func tellsEveryEpochAndTheOutcomeInJSON() throws {
        try withFolder { folder in
            let process = try AdjointProcess(["train", "--epochs", "2", "--json"], in: folder)
            #expect(process.status == 0 && process.errors.isEmpty)
            let events = try objects(process)
            #expect(events.map { $0["event"] as? String } == ["epoch", "epoch", "done"])
            #expect(events[1]["epoch"] as? Int == 2)
            let done = events[2]
            #expect(done["output"] as? String == "runs/digits-cnn-seed0")
            let accuracy = try #require(done["accuracy"] as? Double)
            #expect(accuracy > 0.5)
            #expect(try #require(done["loss"] as? Double) > 0)
            #expect(try #require(done["seconds"] as? Double) > 0)
            #expect(names(in: folder, "runs/digits-cnn-seed0") == results)
            // The same command again: another folder, the same numbers.
            let again = try AdjointProcess(["train", "--epochs", "2", "--json"], in: folder)
            let outcome = try #require(try objects(again).last)
            #expect(outcome["output"] as? String == "runs/digits-cnn-seed0-2")
            #expect(outcome["loss"] as? Double == done["loss"] as? Double)
        }
    }

    @Test func printsPlainLinesIntoAPipe() throws {
        try withFolder { folder in
            let process = try AdjointProcess(["train", "--epochs", "1", "--seed", "3"], in: folder)
            #expect(process.status == 0)
            #expect(!process.output.contains("\r") && !process.output.contains("\u{1B}"))
            #expect(process.output.utf8.allSatisfy { $0 < 128 })
            #expect(process.lines[1].hasPrefix("epoch 1/1  loss "))
            #expect(process.lines[2].contains("held-out examples recognised"))
            #expect(process.output.contains(" true   0  1  2  3  4  5  6  7  8  9  predicted"))
            #expect(process.output.contains("mistakes (true -> predicted):"))
            #expect(process.output.contains("Saved in runs/digits-cnn-seed3"))
        }
    }

    @Test func interruptedAndResumedItEndsAsOneNeverStopped() throws {
        try withFolder { folder in
            let options = ["--epochs", "60", "--model", "mlp"]
            let whole = try AdjointProcess(
                ["train", "--output", "whole/run"] + options, in: folder)
            #expect(whole.status == 0)
            let stopped = try AdjointProcess(
                ["train", "--output", "stopped/run"] + options, in: folder,
                interruptAfter: "epoch 2/60")
            #expect(stopped.status == 130)
            let command = try #require(stopped.lines.last)
            #expect(command.hasSuffix("train --resume stopped/run"))
            #expect(names(in: folder, "stopped/run").contains("checkpoint.safetensors"))
            let words = command.split(separator: " ").map(String.init)
            let resumed = try AdjointProcess(Array(words.dropFirst()), in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(names(in: folder, "stopped/run") == results)
            for name in results {
                let paths = ["whole/run/\(name)", "stopped/run/\(name)"]
                let files = try paths.map {
                    try Data(contentsOf: folder.appendingPathComponent($0))
                }
                #expect(files[0] == files[1], "\(name)")
            }
            let again = try AdjointProcess(["train", "--resume", "stopped/run"], in: folder)
            #expect(again.status == 1)
            #expect(again.errors.contains("is finished"))
        }
    }

    @Test func aTableIsLearnedEvaluatedAndPredicted() throws {
        let rows = (0..<200).map { "\($0 % 20),\($0 * 7 % 13),\($0 % 20 < 10 ? 3 : 8)" }
        let files = [
            "t.csv": "x,y,kind\n" + rows.joined(separator: "\n") + "\n",
            "new.csv": "y,x\n5,1\n5,18\n",
        ]
        try withFolder(files) { folder in
            let train = try AdjointProcess(
                [
                    "train", "--data", "t.csv", "--label", "kind", "--output", "out", "--epochs",
                    "30",
                ],
                in: folder)
            #expect(train.status == 0, "\(train.errors)")
            let evaluate = try AdjointProcess(
                ["evaluate", "out", "--data", "t.csv", "--json"], in: folder)
            let measured = try #require(try objects(evaluate).first)
            #expect(try #require(measured["accuracy"] as? Double) > 0.9)
            let predict = try AdjointProcess(["predict", "out", "--data", "new.csv"], in: folder)
            #expect(predict.lines.map { $0.prefix(9) } == ["row 1: 3 ", "row 2: 8 "])
            let json = try AdjointProcess(
                ["predict", "out/model.safetensors", "--data", "new.csv", "--json"], in: folder)
            let first = try #require(try objects(json).first)
            #expect(first["class"] as? String == "3")
            #expect((first["probabilities"] as? [Double])?.count == 2)
        }
    }
}
