/// Factorisations, solvers and norms of matrices: `torch.linalg`. The last two dimensions of a
/// tensor are a matrix, the others a batch.
///
/// What factors a matrix needs a LAPACK, which is loaded when it is first asked for: Accelerate on
/// Apple platforms, elsewhere OpenBLAS or the reference LAPACK; the environment variable
/// `ADJOINT_LAPACK` names another. Without one such a call is a `TensorError` that says what to
/// install. Products, norms of entries, triangular systems, `matrixExp` and positive powers need
/// none.
public enum Linalg {}
