import Adjoint
import Foundation

extension StudioCore {
    /// Runs of examples and of expressions.
    var runRoutes: [StudioRoute] { [] }
}
