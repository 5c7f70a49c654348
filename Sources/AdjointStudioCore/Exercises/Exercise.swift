/// An exercise of the page: how its answer is judged.
public enum Exercise: String, Sendable, CaseIterable {
    /// A gradient by the chain rule, as a formula.
    case chainRule = "chain-rule"
    /// A function with a derivative of its own, for |x|.
    case absoluteValue = "absolute-value"
    /// A training loop, put together from lines.
    case trainingLoop = "training-loop"
    /// A second and a third derivative, as formulas.
    case higherOrder = "higher-order"
    /// The rules of a small engine.
    case miniAutograd = "mini-autograd"

    /// Tries the answer with the library. It may hold anything; what cannot be tried is said.
    public func verdict(on answer: ExerciseAnswer) -> ExerciseVerdict {
        switch self {
        case .chainRule: ChainRuleCheck(answer).verdict
        case .absoluteValue: AbsoluteValueCheck(answer).verdict
        case .trainingLoop: LoopCheck(answer.blocks).verdict
        case .higherOrder: HigherOrderCheck(answer).verdict
        case .miniAutograd: MiniAutogradCheck(answer).verdict
        }
    }
}
