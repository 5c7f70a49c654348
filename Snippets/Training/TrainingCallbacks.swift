// What hears of a run's progress, and may end it.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Ends training as soon as the loss is low enough.
final class GoodEnough: Callback {
    let loss: Double
    init(_ loss: Double) { self.loss = loss }

    func onEpochEnd(_ trainer: Trainer) {
        if trainer.history.last["train_loss"]! < loss { trainer.shouldStop = true }
    }
}

let x = withGenerator(seed: 1) { Tensor.randn(64, 4) }
let data = DataLoader(TensorDataset(x, x.sum(dim: 1, keepDim: true)), batchSize: 16)
let folder = "snippet-\(getpid())"
let model = withGenerator(seed: 2) { Linear(4, 1) }
let checkpoint = ModelCheckpoint(folder, monitor: "val_loss", everySteps: 100)
let trainer = Trainer(
    model, SGD(model.parameters(), learningRate: 0.1), maxEpochs: 100,
    callbacks: [
        ProgressBar(terminal: Terminal(), write: { _ in }, now: { 0 }),
        CSVLogger("\(folder)/history.csv"), checkpoint, GoodEnough(1e-3),
        LambdaCallback(onTrainEnd: { print("stopped early:", $0.currentEpoch < 100) }),
    ], loss: { mseLoss($0, $1) })
try trainer.fit(data, validation: data)  // prints: stopped early: true

let best = try TrainingState(from: checkpoint.bestPath)
try model.loadStateDict(best.model)
print(trainer.history.best("val_loss")!.epoch == trainer.currentEpoch)  // prints: true

for file in [checkpoint.bestPath, checkpoint.lastPath, "\(folder)/history.csv"] { unlink(file) }
rmdir(folder)
