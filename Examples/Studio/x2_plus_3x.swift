// x² + 3x
// One leaf, used twice: both ways back add up to 2x + 3.
// file main.swift
// group First steps
import Adjoint

let x = Tensor(2.0, requiresGrad: true)  // parameter x -1000...1000
let y = x ** 2 + 3 * x
y.backward()
