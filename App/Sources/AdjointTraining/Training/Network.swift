import Adjoint

/// The networks that the command trains.
enum Network {
    /// A network for `inputs`, its weights drawn from the current generator.
    static func make(_ kind: ModelKind, for inputs: ModelInputs) -> Sequential {
        let classes = inputs.classNames.count
        switch kind {
        case .mlp:
            let width = inputs.shape.reduce(1, *)
            return Sequential(
                Flatten(), Linear(width, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, classes))
        case .cnn:
            let (channels, height, width) = (inputs.shape[0], inputs.shape[1], inputs.shape[2])
            return Sequential(
                Conv2d(channels, 32, kernelSize: 3, padding: 1), BatchNorm2d(32), ReLU(),
                MaxPool2d(2),
                Conv2d(32, 64, kernelSize: 3, padding: 1), BatchNorm2d(64), ReLU(),
                MaxPool2d(2),
                Flatten(), Linear(64 * (height / 4) * (width / 4), classes))
        }
    }
}
