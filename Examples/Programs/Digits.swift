// A convolutional network learns to read handwritten digits: the loop that every training is.
public import Adjoint

/// Training of a small network on the 1,797 images of `DigitImages`.
public struct DigitsTraining: Sendable {
    /// How often every image is learned from.
    public var epochs = 12
    /// Images in a step.
    public var batchSize = 64
    /// The highest learning rate: it rises, then falls along a cosine.
    public var learningRate = 5e-3
    /// What the split, the first weights and the order of the images are drawn from.
    public var seed = 0

    /// The settings above.
    public init() {}

    /// Trains on four images in five, and measures on the others. `report` hears of every step,
    /// with the share of held-out images recognised after each epoch; false ends the training.
    public func run(
        _ report: (ExampleProgress) -> Bool = { _ in true }
    ) -> (model: DigitNet, accuracy: Double) {
        withGenerator(seed: seed) {
            let images = DigitImages.dataset()
            let heldOutCount = images.count / 5
            let parts = randomSplit(images, [images.count - heldOutCount, heldOutCount])
            let (training, heldOut) = (parts[0], parts[1])
            let batches = DataLoader(
                training, batchSize: min(batchSize, training.count), shuffle: true, dropLast: true)

            let model = DigitNet()
            let optimizer = AdamW(model.parameters(), weightDecay: 0.01)
            let steps = epochs * batches.count
            let schedule = OneCycleLR(
                optimizer, maxLearningRate: learningRate, totalSteps: max(steps, 1))

            var (step, goesOn) = (0, true)
            for _ in 0..<epochs where goesOn {
                for (images, digits) in batches where goesOn {
                    optimizer.zeroGrad()
                    let loss = crossEntropy(model(images), digits)
                    loss.backward()
                    optimizer.step()
                    schedule.step()
                    step += 1
                    let isLast = step % batches.count == 0
                    goesOn = report(
                        ExampleProgress(
                            step: step, steps: steps, loss: loss.item(),
                            measured: isLast ? model.accuracy(on: heldOut) : nil))
                }
            }
            return (model, model.accuracy(on: heldOut))
        }
    }
}

/// Two convolutions and a linear layer: [batch, 1, 8, 8] gives the logits of ten digits.
public final class DigitNet: Module {
    let conv1 = Conv2d(1, 32, kernelSize: 3, padding: 1), norm1 = BatchNorm2d(32)
    let conv2 = Conv2d(32, 64, kernelSize: 3, padding: 1), norm2 = BatchNorm2d(64)
    let pool = MaxPool2d(2), output = Linear(64 * 2 * 2, 10)

    /// A network whose weights are drawn from the current generator.
    public init() {}

    /// The logits, [batch, 10], of images [batch, 1, 8, 8].
    public func callAsFunction(_ images: Tensor) -> Tensor {
        var x = pool(relu(norm1(conv1(images))))
        x = pool(relu(norm2(conv2(x))))
        return output(x.flatten(startDim: 1))
    }

    /// The share of `examples` that are recognised.
    func accuracy(on examples: Subset<TensorDataset>) -> Double {
        eval()
        defer { train() }
        let (images, digits) = examples.batch(Array(0..<examples.count))
        return noGrad { (self(images).argmax(dim: 1) .== digits).to(.float32).mean().item() }
    }
}
