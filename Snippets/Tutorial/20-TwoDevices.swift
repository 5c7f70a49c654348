// Operands live on one device. `.meta` holds shapes without numbers, on every machine.
import Adjoint

let here = Tensor([1.0, 2.0])
do {
    try catchingTensorErrors { _ = here + Tensor([1.0, 2.0], device: .meta) }
} catch let error as TensorError {
    print(error.kind, error.message.contains("same device"))  // prints: device true
}

// A device that this machine does not have is named as soon as a tensor asks for it.
do {
    try catchingTensorErrors { _ = Tensor([1.0], device: .cuda()) }
} catch let error as TensorError {
    print(error.kind)  // prints: device
}

// The mend: both on the same device.
let shapes = here.to(.meta) + Tensor([1.0, 2.0], device: .meta)
print(shapes.device, shapes.shape)  // prints: meta [2]
print(here + Tensor([1.0, 2.0]))  // prints: tensor([2., 4.])
