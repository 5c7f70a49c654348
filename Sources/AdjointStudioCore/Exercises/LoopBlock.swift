/// A line that a learner may put into the training loop.
enum LoopBlock: String, CaseIterable, Sendable {
    case zeroGrad
    case predict
    case predictUnrecorded
    case compare
    case sumOutputs
    case backward
    case step

    /// The line as it is shown, and as it is run.
    var line: String {
        switch self {
        case .zeroGrad: "optimizer.zeroGrad()"
        case .predict: "let prediction = model(inputs)"
        case .predictUnrecorded: "let prediction = noGrad { model(inputs) }"
        case .compare: "let loss = mseLoss(prediction, targets)"
        case .sumOutputs: "let loss = prediction.sum()"
        case .backward: "loss.backward()"
        case .step: "optimizer.step()"
        }
    }
}
