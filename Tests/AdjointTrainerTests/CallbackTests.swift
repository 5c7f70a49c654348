import Adjoint
import Foundation
import Testing

/// Notes what it hears.
final class CallLog: Callback {
    var calls: [String] = []
    func onTrainBegin(_ trainer: Trainer) { calls.append("begin") }
    func onEpochBegin(_ trainer: Trainer) { calls.append("epoch \(trainer.currentEpoch)") }
    func onBatchEnd(_ trainer: Trainer) { calls.append("step \(trainer.globalStep)") }
    func onValidationEnd(_ trainer: Trainer, _ values: [String: Double]) {
        calls.append("validated \(values.keys.sorted())")
    }
    func onEpochEnd(_ trainer: Trainer) { calls.append("done \(trainer.currentEpoch)") }
    func onTrainEnd(_ trainer: Trainer) { calls.append("end") }
    func onCancellation(_ trainer: Trainer) { calls.append("cancelled") }
    func onException(_ trainer: Trainer, _ error: any Error) { calls.append("exception") }
}

@Suite struct CallbackTests {
    @Test func callsComeInOrder() throws {
        let bench = Workbench(8)
        let log = CallLog()
        try bench.trainer(maxEpochs: 2, callbacks: [log]).fit(
            bench.loader, validation: bench.validation)
        let validated = "validated [\"val_accuracy\", \"val_loss\"]"
        #expect(
            log.calls == [
                "begin", "epoch 0", "step 1", "step 2", validated, "done 1",
                "epoch 1", "step 3", "step 4", validated, "done 2", "end",
            ])
    }

    @Test func aCallbackMayStopTheRunOrEndIt() throws {
        let bench = Workbench(8)
        let log = CallLog()
        let stopping = LambdaCallback(onEpochEnd: { $0.shouldStop = true })
        let trainer = bench.trainer(callbacks: [log, stopping])
        #expect(try trainer.fit(bench.loader).epochs.count == 1 && log.calls.last == "end")
        struct Stop: Error {}
        trainer.callbacks = [log, LambdaCallback(onBatchEnd: { _ in throw Stop() })]
        #expect(throws: Stop.self) { try trainer.fit(bench.loader) }
        #expect(log.calls.suffix(2) == ["step 3", "exception"])
    }

    @Test func theTableIsWrittenAnewAndReadBack() throws {
        try withTemporaryFolder { folder in
            let bench = Workbench(8)
            let path = "\(folder)/history.csv"
            let trainer = bench.trainer(maxEpochs: 2, callbacks: [CSVLogger(path)])
            let history = try trainer.fit(bench.loader, validation: bench.validation)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasPrefix("epoch,step,train_loss,lr,val_loss,val_accuracy\n1,2,"))
            #expect(History(csv: text) == history && text == history.csv)
            let nowhere = CSVLogger("\(folder)/none/history.csv")
            #expect(throws: DataFileError.self) { try nowhere.onEpochEnd(trainer) }
        }
        #expect(History(csv: "a,b\n1,2\n") == nil)
        #expect(History(csv: "epoch,step,x\n1,2\n") == nil)
        let gaps = try #require(History(csv: "epoch,step,x,y\n1,2,,nan\n2,4,0.5,1e-300\n"))
        #expect(gaps["x"][0].isNaN && gaps["x"][1] == 0.5 && gaps["z"][0].isNaN)
        #expect(gaps.best("y")?.epoch == 2 && gaps.best("z") == nil && gaps.last["y"] == 1e-300)
    }

    @Test func theBestAndTheLastStateAreKept() throws {
        try withTemporaryFolder { folder in
            let bench = Workbench(8)
            // What is watched is 3, 1, 2.
            var watched = [3.0, 1.0, 2.0]
            struct Given: Metric {
                let value: Double
                func update(_ predictions: Tensor, _ targets: Tensor) {}
                func reset() {}
            }
            let checkpoint = ModelCheckpoint("\(folder)/a/b", monitor: "val_given", everySteps: 1)
            var weights: [[[Float]]] = []
            for epochs in 1...3 {
                let optimizer = SGD(bench.model.parameters(), learningRate: 0.1)
                let trainer = Trainer(
                    bench.model, optimizer, maxEpochs: epochs,
                    metrics: ["given": Given(value: watched.removeFirst())],
                    callbacks: [checkpoint], loss: { crossEntropy($0, $1) })
                // A run of its own for each epoch: what is best is known from the state alone.
                if epochs > 1 { try trainer.resume(from: checkpoint.lastPath) }
                try trainer.fit(bench.loader, validation: bench.validation)
                weights.append(bench.weights)
            }
            let best = try TrainingState(from: checkpoint.bestPath)
            try bench.model.loadStateDict(best.model)
            #expect(bench.weights == weights[1])
            try bench.model.loadStateDict(TrainingState(from: checkpoint.lastPath).model)
            #expect(bench.weights == weights[2])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: checkpoint.folder).sorted()
                    == ["best.safetensors", "last.safetensors"])
            let lost = ModelCheckpoint("\(checkpoint.lastPath)/folder")
            #expect(throws: DataFileError.self) { try lost.onTrainBegin(bench.trainer()) }
        }
    }

    /// What a bar writes, with a clock that goes on by `pace` seconds at each look.
    private func written(_ terminal: Terminal, pace: Double, clip: GradientClip? = nil) throws
        -> String
    {
        let bench = Workbench(8)
        var text = ""
        var time = 0.0
        let bar = ProgressBar(
            terminal: terminal, write: { text += $0 },
            now: {
                time += pace
                return time
            })
        let flat = LambdaCallback(onEpochEnd: { _ in })
        let trainer = Trainer(
            bench.model, SGD(bench.model.parameters(), learningRate: 0), maxEpochs: 2,
            gradientClip: clip, callbacks: [bar, flat], loss: { x, _ in x.sum() * 0 + 0.25 })
        try trainer.fit(bench.loader)
        return text
    }

    @Test func aTerminalHasOneLineThatIsDrawnOver() throws {
        let text = try written(
            Terminal(width: 100, unicode: true, animates: true), pace: 1, clip: .norm(1))
        #expect(
            text == """
                \r\("epoch 1/2  ━━━━━━━━━━╸─────────  50%  1/2  loss 0.2500  |g| 0.0000  1.000 it/s  00:01<00:01")\u{1B}[K\
                \r\("epoch 1/2  ━━━━━━━━━━━━━━━━━━━━  100%  2/2  loss 0.2500  |g| 0.0000  1.000 it/s  00:02<00:00")\u{1B}[K\
                \r\u{1B}[Kepoch 1/2  train_loss 0.2500  lr 0.0000  00:03\n\
                \r\("epoch 2/2  ━━━━━━━━━━╸─────────  50%  1/2  loss 0.2500 ▅▅  |g| 0.0000  1.000 it/s  00:01<00:01")\u{1B}[K\
                \r\("epoch 2/2  ━━━━━━━━━━━━━━━━━━━━  100%  2/2  loss 0.2500 ▅▅  |g| 0.0000  1.000 it/s  00:02<00:00")\u{1B}[K\
                \r\u{1B}[Kepoch 2/2  train_loss 0.2500  lr 0.0000  00:03\n
                """)
        // Steps that come faster than a tenth of a second are not all drawn.
        let fast = try written(Terminal(width: 60, animates: true), pace: 0.01)
        #expect(fast.components(separatedBy: "\r").count == 5)
        #expect(fast.utf8.allSatisfy { $0 < 128 })
        let lines = fast.components(separatedBy: CharacterSet(charactersIn: "\r\n"))
        #expect(lines.allSatisfy { $0.replacing("\u{1B}[K", with: "").count < 60 })
    }

    @Test func aFileHasALineForEachEpoch() throws {
        let quick = try written(Terminal(), pace: 1)
        #expect(
            quick == """
                epoch 1/2  train_loss 0.2500  lr 0.0000  00:03
                epoch 2/2  train_loss 0.2500  lr 0.0000  00:03

                """)
        // In a long epoch a line comes every 30 seconds.
        let slow = try written(Terminal(), pace: 31)
        #expect(slow.split(separator: "\n").count == 6 && !slow.contains("\r"))
    }

    @Test func numbersThatAreNoneAreShown() {
        let history = History(csv: "epoch,step,x\n1,1,nan\n2,2,inf\n3,3,1.0\n")
        #expect(history?["x"].map(\.isFinite) == [false, false, true])
    }
}
