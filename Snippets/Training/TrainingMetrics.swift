// Metrics gather counts and sums, batch by batch: the value is that of all examples together.
import Adjoint

var accuracy = Accuracy()
accuracy.update(Tensor([[2.0, 1.0], [0.0, 1.0], [3.0, 0.0]]), Tensor([0, 1, 0]))
accuracy.update(Tensor([[2.0, 1.0]]), Tensor([1]))
print(accuracy.value)  // prints: 0.75
accuracy.reset()

let (predicted, actual) = (Tensor([0, 0, 1, 1, 2, 2]), Tensor([0, 0, 0, 1, 1, 2]))
var recall = Recall(classes: 3, average: .weighted)
recall.update(predicted, actual)
print(recall.perClass.map { ($0 * 100).rounded() })  // prints: [67.0, 50.0, 100.0]

var confusion = ConfusionMatrix(classes: 3)
confusion.update(predicted, actual)
print(confusion)
// prints:    0  1  2
// prints: 0  2  1  0
// prints: 1  0  1  1
// prints: 2  0  0  1

var error = MeanAbsoluteError()
error.update(Tensor([1.0, 2.0, 3.0]), Tensor([0.0, 4.0, 3.0]))
print(error.value)  // prints: 1.0

var loss = RunningMean(window: 2)
for value in [9.0, 1.0, 3.0] { loss.update(value) }
print(loss.value)  // prints: 2.0
