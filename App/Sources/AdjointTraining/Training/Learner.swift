public import Adjoint

/// A model that learns in steps, as the training loop sees it.
///
/// A step's outcome may depend on the learner's state, the examples and the arguments, and on
/// nothing else: this is what makes a resumed run end as one that was never stopped.
public protocol Learner: AnyObject {
    /// What is learned, by name, with the gradients of the last step.
    var parameters: [(name: String, tensor: Tensor)] { get }
    /// Learns from the training examples at `indices`, in one optimiser step. All that is random
    /// in it is drawn from `seed`. Returns the mean loss, and how many were recognised.
    func step(_ indices: [Int], learningRate: Double, seed: Int) -> (loss: Double, recognized: Int)
    /// The model's outputs before softmax, one number a class, for examples that are not learned.
    func logits(_ examples: ExampleSet) -> [Float]
    /// Writes the model's parameters and buffers as safetensors.
    func saveModel(to path: String) throws
    /// Takes up the parameters and buffers that `saveModel` wrote.
    func loadModel(from path: String) throws
    /// All of the learner's state: the model's parameters and buffers, and the optimiser's memory.
    var state: (model: StateDict, optimizer: StateDict) { get }
    /// Takes up what `state` gave, as it was saved at `path`.
    func restore(_ state: TrainingState, path: String) throws
}

extension Learner {
    /// Nothing that a trace could show.
    public var parameters: [(name: String, tensor: Tensor)] { [] }
}
