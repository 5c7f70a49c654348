public import AdjointCore

/// A measure of a model's answers that is gathered batch by batch: the value is that of all
/// examples together, which the mean of the batches' values often is not.
///
///     var accuracy = Accuracy()
///     for (x, y) in batches { accuracy.update(noGrad { model(x) }, y) }
///     print(accuracy.value)
public protocol Metric<Value>: Sendable {
    /// What the measure is: a number, or a matrix.
    associatedtype Value
    /// Takes in a batch: what the model gave, and what would have been right. Nothing is recorded.
    mutating func update(_ predictions: Tensor, _ targets: Tensor)
    /// The measure of all that was taken in.
    var value: Value { get }
    /// Forgets what was taken in.
    mutating func reset()
}
