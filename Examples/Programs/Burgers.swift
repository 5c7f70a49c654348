public import Adjoint
