/// An exercise of the page: how its answer is judged.
public enum Exercise: String, Sendable, CaseIterable {
    case chainRule = "chain-rule"
    case absoluteValue = "absolute-value"
    case trainingLoop = "training-loop"
    case higherOrder = "higher-order"
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
