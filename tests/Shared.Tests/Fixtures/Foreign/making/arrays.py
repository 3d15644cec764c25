# Array fixtures by NumPy: the same [7, 4] and [3, 2, 4] numbers in every form of header, order and type.
import sys, numpy as np
out = sys.argv[1] if len(sys.argv) > 1 else 'out'
v = np.array([[i + 0.5, -i, i * 0.25, 3] for i in range(7)], dtype='<f4')
deep = np.arange(24, dtype='<f4').reshape(3, 2, 4) / 8
def save(name, array, version=None):
    with open(f'{out}/{name}.npy', 'wb') as file:
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)
save('v1', v, (1, 0)); save('v2', v, (2, 0)); save('v3', v, (3, 0))
save('fortran', np.asfortranarray(v)); save('fortran-deep', np.asfortranarray(deep)); save('deep', deep)
save('big-endian', v.astype('>f4')); save('big-endian-fortran', np.asfortranarray(v.astype('>f8')))
save('float16', v.astype('<f2')); save('float64', v.astype('<f8')); save('big-endian-float16', v.astype('>f2'))
save('bfloat16', (v.view('<u4') >> 16).astype('<u2').view('V2'))
save('complex', v.astype('<c8')); save('unsigned', np.arange(7, dtype='<u2')); save('objects', np.array([[1, 'a']], dtype=object))
save('records', np.zeros(3, dtype=[('größe', '<f4'), ('n', '<i4')]), (3, 0)); save('scalar', np.float32(3).reshape(()))
save('ids', np.arange(7, dtype='<i8') * 10); save('ids-big-endian', (np.arange(7, dtype='>i4') * 10)); save('ids-deep', np.arange(6, dtype='<i2').reshape(3, 2))
np.savez(f'{out}/stored.npz', vectors=v, ids=np.arange(7) * 10)
np.savez_compressed(f'{out}/deflated.npz', vectors=v, ids=np.arange(7) * 10, big=v.astype('>f8'))
np.savez(f'{out}/fortran.npz', vectors=np.asfortranarray(v))
