import Foundation
import Testing

/// `adjoint train names` and `adjoint train burgers`.
@Suite(.serialized) struct ProgramCommandTests {
    private func objects(_ process: AdjointProcess) throws -> [[String: Any]] {
        try process.lines.map {
            let object = try JSONSerialization.jsonObject(with: Data($0.utf8))
            return try #require(object as? [String: Any])
        }
    }

    @Test func namesTellsItsMeasurementsInJSON() throws {
        try withFolder { folder in
            let process = try AdjointProcess(
                ["train", "names", "--steps", "3", "--batch-size", "16", "--json"], in: folder)
            #expect(process.status == 0 && process.errors.isEmpty, "\(process.errors)")
            let events = try objects(process)
            #expect(events.map { $0["event"] as? String } == ["step", "step", "done"])
            #expect(events[1]["step"] as? Int == 2 && events[1]["steps"] as? Int == 3)
            #expect(try #require(events[1]["heldOutLoss"] as? Double) > 1)
            #expect((events[2]["names"] as? [String])?.count == 24)
            #expect(events[2]["output"] as? String == "runs/names-seed0")
            #expect(
                names(in: folder, "runs/names-seed0") == [
                    "config.json", "curves.svg", "metrics.csv", "model.safetensors", "names.txt",
                ])
        }
    }

    @Test func burgersDrawsItsSolutionIntoAPipe() throws {
        try withFolder { folder in
            let process = try AdjointProcess(
                ["train", "burgers", "--steps", "3", "--seed", "2"], in: folder,
                environment: ["COLUMNS": "60"])
            #expect(process.status == 0, "\(process.errors)")
            #expect(!process.output.contains("\r") && !process.output.contains("\u{1B}"))
            #expect(process.output.utf8.allSatisfy { $0 < 128 })
            #expect(process.lines[1].hasPrefix("step 1/3  loss "))
            #expect(process.output.contains("against the exact solution"))
            #expect(process.lines.contains { $0.hasPrefix("x 1 ") })
            #expect(process.output.contains("Saved in runs/burgers-seed2: "))
            #expect(names(in: folder, "runs/burgers-seed2").contains("solution.svg"))
        }
    }

    @Test func anInterruptEndsItEarlyAndSaves() throws {
        try withFolder { folder in
            let process = try AdjointProcess(
                ["train", "names", "--steps", "4000", "--batch-size", "16"], in: folder,
                interruptAfter: "step 200/4000")
            #expect(process.status == 130)
            #expect(process.output.contains("Stopped after 2"))
            #expect(names(in: folder, "runs/names-seed0").contains("model.safetensors"))
            let next = try AdjointProcess(["train", "--resume", "runs/names-seed0"], in: folder)
            #expect(next.status == 1 && next.errors.contains("is finished"))
        }
    }

    @Test(arguments: [
        (["namse"], "there is nothing called 'namse' to train; did you mean 'names'?"),
        (["qqqqqq"], "the names are digits, names, burgers"),
        (["flowers.csv"], "a file of data is named with --data or --images"),
        (["names", "--model", "mlp"], "'train names' takes no --model"),
        (["names", "--data", "x.csv"], "'train names' takes no --data"),
        (["burgers", "--epochs", "3"], "'train burgers' takes no --epochs; it counts --steps"),
        (["names", "--steps", "3", "--epochs", "3"], "exclude each other"),
        (["names", "--steps", "0"], "--steps is 0; give a whole number from 1"),
        (["--steps", "3"], "--steps is for 'train names' and 'train burgers'; give --epochs"),
        (["digits", "--data", "x.csv"], "'train digits' has data of its own"),
        (["names", "--resume", "runs/x"], "--resume goes on as the run began and takes no name"),
    ])
    func whatDoesNotGoTogetherIsSaid(arguments: [String], message: String) throws {
        try withFolder { folder in
            let process = try AdjointProcess(["train"] + arguments, in: folder)
            #expect(process.status == 2, "\(process.errors)")
            #expect(process.errors.contains(message), "\(process.errors)")
            #expect(process.errors.split(separator: "\n").count == 1)
            #expect(names(in: folder).isEmpty)
        }
    }

    @Test func digitsIsTheDefault() throws {
        try withFolder { folder in
            let options = ["--epochs", "1", "--model", "mlp", "--json"]
            let named = try objects(AdjointProcess(["train", "digits"] + options, in: folder))
            let plain = try objects(AdjointProcess(["train"] + options, in: folder))
            #expect(named.last?["loss"] as? Double == plain.last?["loss"] as? Double)
            #expect(named.last?["output"] as? String == "runs/digits-mlp-seed0")
        }
    }
}
