package dev.tailor.zoo.preprocess;

import ai.djl.modality.cv.Image;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** An image of DJL that wraps what nobody knows, as OpenCV's does here. */
final class Opaque {
    private Opaque() {}

    static Image of(Image image) {
        return (Image) Proxy.newProxyInstance(
                Image.class.getClassLoader(), new Class<?>[] {Image.class}, (proxy, method, args) -> {
                    if (method.getName().equals("getWrappedImage")) {
                        return "a matrix";
                    }
                    try {
                        return method.invoke(image, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
