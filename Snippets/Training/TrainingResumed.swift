// A run that was interrupted goes on with the bits of one that was not.
import Adjoint

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

let x = withGenerator(seed: 1) { Tensor.randn(20, 4) }
let data = DataLoader(TensorDataset(x, x.sum(dim: 1, keepDim: true)), batchSize: 4, shuffle: true)

func makeTrainer(_ callbacks: [any Callback] = []) -> Trainer {
    let model = withGenerator(seed: 2) { Sequential(Linear(4, 8), Dropout(0.2), Linear(8, 1)) }
    return Trainer(
        model, AdamW(model.parameters(), learningRate: 1e-2), maxEpochs: 3, callbacks: callbacks,
        loss: { mseLoss($0, $1) })
}

let path = "snippet-\(getpid()).safetensors"
let folder = "snippet-\(getpid())"
defer {
    unlink(path)
    unlink("\(folder)/last.safetensors")
    rmdir(folder)
}

// Stopped in the middle of the second epoch, and saved.
let first = makeTrainer([LambdaCallback(onBatchEnd: { $0.shouldStop = $0.globalStep == 7 })])
try first.fit(data)
try first.save(to: path)

// Another process: the same objects, made anew.
let second = makeTrainer()
try second.resume(from: path)
print(second.currentEpoch, second.globalStep)  // prints: 1 7
try second.fit(data)

first.callbacks = []
try first.resume(from: path)
try first.fit(data)
print(first.history == second.history, first.globalStep)  // prints: true 15

// In a task that is cancelled: the step at work is finished, and the checkpoint is written.
let training = Task {
    try makeTrainer([ModelCheckpoint(folder)]).fit(data)
}
training.cancel()
do {
    _ = try await training.value
} catch is CancellationError {
    print("cancelled")  // prints: cancelled
}
let third = makeTrainer()
try third.resume(from: "\(folder)/last.safetensors")
try third.fit(data)
print(third.globalStep)  // prints: 15
