// Recording switched on again inside a stretch without it.
import Adjoint

noGrad {
    let x = Tensor([1.0], requiresGrad: true)
    let y = x * 2
    print(y.requiresGrad)  // prints: false
    enableGrad {
        let z = x * 3
        print(z.requiresGrad)  // prints: true
        z.backward()
        print(x.grad!)  // prints: tensor([3.])
    }
    print(isGradEnabled)  // prints: false
}
setGradEnabled(false) {
    print(isGradEnabled)  // prints: false
}
print(isGradEnabled)  // prints: true
