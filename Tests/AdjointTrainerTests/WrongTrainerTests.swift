import Adjoint
import AdjointTesting
import Testing

/// Measures, summaries and states with numbers that fit nothing: each of these ended the process once.
@Suite struct WrongTrainerTests {
    @Test("measures of a tensor without data are an error")
    func measures() {
        let wide = Tensor.zeros([3, 1 << 40], device: .meta)
        let long = Tensor.zeros([1 << 62], device: .meta)
        #expect(
            tensorError {
                var score = R2Score()
                score.update(wide, wide)
            }?.kind == .device)
        #expect(
            tensorError {
                var (absolute, squared) = (MeanAbsoluteError(), MeanSquaredError())
                for _ in 0..<3 {
                    absolute.update(long, long)
                    squared.update(long, long)
                }
            } != nil)
        #expect(
            tensorError {
                var matrix = ConfusionMatrix(classes: 3)
                matrix.update(wide, wide.to(.int64))
            } != nil)
    }

    @Test("a summary counts as far as an Int does")
    func summaries() {
        let input = Tensor.zeros([1 << 62], device: .meta)
        let summary = ReLU().summary(input: input)
        #expect(summary.largestBytes == .max && summary.peakBytes == .max)
        #expect(!summary.description.isEmpty)
    }

    @Test("epochs, steps and batches that are no counts are refused")
    func states() throws {
        let bench = Workbench()
        let trainer = bench.trainer(maxEpochs: 1)
        try trainer.fit(bench.loader)
        let state = trainer.state()
        for wrong in [Int.max, .min, -1] {
            for name in ["trainer.epoch", "trainer.step"] {
                var damaged = state
                damaged.notes[name] = "\(wrong)"
                #expect(throws: TrainerError.self) { try trainer.load(damaged) }
            }
            var damaged = state
            damaged.loader = DataLoaderPosition(epoch: Generator.current.state, batch: wrong)
            #expect(throws: TrainerError.self) { try trainer.load(damaged) }
        }
        #expect(trainer.currentEpoch == 1)
    }

    @Test("a position beyond the end of plain batches ends their epoch")
    func positions() throws {
        let bench = Workbench()
        let trainer = bench.trainer(maxEpochs: 1)
        var state = trainer.state()
        state.loader = DataLoaderPosition(epoch: Generator.current.state, batch: 1 << 50)
        try trainer.load(state)
        try trainer.fit(PlainBatches(loader: bench.loader))
        #expect(trainer.currentEpoch == 1 && trainer.globalStep == 0)
    }

    @Test("a bar is drawn on a terminal of any width, of losses of any size")
    func bars() throws {
        var terminal = Terminal(animates: true)
        terminal.width = .min
        let model = Linear(2, 1, dtype: .float64)
        var (lines, time, calls) = ([String](), 0.0, 0)
        let bar = ProgressBar(
            terminal: terminal, write: { lines.append($0) },
            now: {
                time += 1
                return time
            })
        let trainer = Trainer(
            model, SGD(model.parameters()), maxEpochs: 2, callbacks: [bar]
        ) { prediction, _ in
            calls += 1
            return prediction.sum() * 0 + (calls == 1 ? 1.7e308 : -1.7e308)
        }
        let x = Tensor.ones([1, 2], dtype: .float64)
        try trainer.fit([(x, x)])
        #expect(calls == 2 && lines.count >= 2)
    }
}
